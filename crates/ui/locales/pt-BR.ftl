skip = Ir para o conteúdo
home = Balcão, início
nav-main = Principal
footer = Balcão · central de serviços
licences = Licenças de terceiros
account-of = Conta de { $name }
sign-out = Sair
close = Fechar
optional = (opcional)
theme = Tema
theme-light = Tema claro
theme-dark = Tema escuro
theme-auto = Tema do sistema
role-client = Solicitante
role-tech = Técnico
role-supervisor = Supervisor
role-admin = Administrador
role-system = Sistema
back = Voltar
save = Salvar
cancel = Cancelar
confirm = Confirmar
edit = Editar
add = Adicionar
remove = Remover
search = Pesquisar
all = Todos
none = Nenhum
yes = Sim
no = Não
actions = Ações
active = Ativo
archived = Arquivado
archive = Arquivar
restore = Reativar
previous = Anterior
next = Próxima
back-newest = Voltar aos mais recentes
back-start = Voltar ao início da lista
page-of = Página { $page } de { $pages }
page-of-many = Página { $page } de mais de { $pages }
pages = Páginas
keys-title = Atalhos de teclado
keys-next = Próximo da lista
keys-previous = Anterior da lista
keys-open = Abrir
keys-new = Novo chamado
keys-take = Assumir
keys-reply = Responder
keys-note = Nota interna
keys-resolve = Resolver
keys-send = Enviar o texto
ago-now = agora
ago-minutes = há { $count } min
ago-hours = há { $count } h
ago-days = { $count ->
    [one] há 1 dia
   *[other] há { $count } dias
 }
ago-months = { $count ->
    [one] há 1 mês
   *[other] há { $count } meses
 }
ago-years = { $count ->
    [one] há 1 ano
   *[other] há { $count } anos
 }
form-problems = { $count ->
    [one] Um campo precisa de correção:
   *[other] { $count } campos precisam de correção:
 }
problem-required = Preencha este campo.
problem-too-long = Use no máximo { $limit } caracteres.
problem-too-short = Use pelo menos { $limit } caracteres.
problem-unknown = Escolha uma opção da lista.
problem-email = Informe um e-mail válido.
problem-taken = Já existe um cadastro com este valor.
problem-shape = O corpo da requisição não tem o formato esperado.
problem-query = Os parâmetros do endereço não têm o formato esperado.
problem-date = Informe a data como aaaa-mm-dd.
problem-file-empty = O arquivo { $about } está vazio.
problem-file-kind = O arquivo { $about } não é de um tipo aceito.
problem-file-lies = O conteúdo de { $about } não corresponde ao nome do arquivo.
problem-file-too-large = O arquivo { $about } passa de { $limit } MB.
problem-too-many-files = Envie no máximo { $limit } arquivos de cada vez.
problem-cursor = Esta posição da lista não existe.
refused-role = Seu perfil não permite esta ação.
refused-csrf = O formulário expirou ou veio de outro site. Volte, recarregue a página e envie de novo.
bad-json = O corpo da requisição não é JSON válido.
bad-multipart = O envio de arquivos chegou incompleto.
error-400 = Não entendemos a requisição
error-403 = Sem permissão
error-404 = Não encontramos esta página
error-405 = Esta página não aceita esta ação
error-409 = O estado mudou
error-413 = O envio é grande demais
error-415 = Formato não aceito
error-422 = Há algo a corrigir
error-429 = Muitas tentativas
error-500 = Algo falhou do nosso lado
error-503 = Voltamos em instantes
error-400-about = O pedido chegou incompleto ou com um formato que não conhecemos.
error-403-about = Se você precisa deste acesso, fale com quem administra a central.
error-404-about = O endereço pode estar errado, ou o item não existe ou não é visível para você.
error-405-about = Volte e use os botões da página.
error-409-about = Alguém mudou este item antes de você. Recarregue para ver como está agora.
error-413-about = Cada arquivo e o envio inteiro têm um limite de tamanho. Envie menos de cada vez.
error-415-about = Este endereço não aceita o formato enviado.
error-422-about = Volte e confira os campos.
error-429-about = Espere um pouco antes de tentar de novo.
error-500-about = O erro foi registrado. Tente de novo em instantes; se continuar, avise a equipe.
error-503-about = O banco de dados não respondeu. Costuma levar menos de um minuto.
error-kept = Nada do que já estava salvo se perdeu, e o texto não enviado está guardado neste navegador.
error-code = Erro { $code }
error-retry = Tentar de novo
error-home = Ir para o início
error-request = Ao falar com o suporte, informe o código
unauthorized = Entre para continuar.
limit-cut = O texto colado passou do limite de %n caracteres e foi cortado.
limit-left = Restam %n caracteres.
live-list = Lista atualizada automaticamente.
live-one = Chamado atualizado.
offline = Sem conexão: o que você escreve fica guardado.

search-title = Busca
search-about = Chamados, empresas e pessoas: por palavra, nome, protocolo, telefone, CPF ou CNPJ.
search-about-own = Seus chamados: por palavra ou protocolo.
search-words = O que procurar
search-nothing = Nenhum resultado
search-nothing-about = Confira a escrita, ou use menos palavras. Um erro de digitação é perdoado.
search-preparing = A busca está sendo preparada: ainda pode haver mais.
search-kind-ticket = Chamados
search-kind-company = Empresas
search-kind-person = Pessoas
search-all = Ver todos os { $count } chamados
