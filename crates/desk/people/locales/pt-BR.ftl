sign-in = Entrar
sign-in-lead = Use o e-mail cadastrado na central.
credentials = Credenciais inválidas. Confira o e-mail e a senha.
locked = { $count ->
    [one] Muitas tentativas. A conta está bloqueada por mais 1 minuto.
   *[other] Muitas tentativas. A conta está bloqueada por mais { $count } minutos.
 }
password = Senha
password-new = Nova senha
password-hint = Pelo menos 8 caracteres.
password-keep-hint = Deixe em branco para manter a atual. Trocar encerra as sessões abertas.
setup = Primeiro acesso
setup-lead = Crie a conta de quem administra a central. Este link vale uma vez.
setup-create = Criar e entrar
name = Nome
role = Perfil
company = Empresa
company-none = Nenhuma
admin-about = O que se ajusta uma vez e depois se esquece.
users = Usuários
users-about = Quem entra na central, com qual perfil e por qual empresa.
users-search = Nome ou e-mail
users-none = Ninguém encontrado
search-clear = Limpar a busca
users-none-about = Nenhum nome nem e-mail combina com a busca.
users-order = Mais recentes primeiro
since = Desde
user-new = Novo usuário
user-company-hint = Só para solicitantes. Quem é da equipe não pertence a nenhuma.
user-active-hint = Quem está arquivado não entra e tem as sessões encerradas.
roles = Perfis e permissões
roles-about = O que cada perfil pode fazer. A mesma tabela protege cada página e cada chamada da API.
permission = Permissão
permission-admin-open = Abrir a administração
permission-user-manage = Cadastrar e alterar usuários
problem-credentials = Credenciais inválidas. Confira o e-mail e a senha.
conflict-own-account = Você não pode rebaixar nem arquivar a própria conta.
conflict-last-admin = Este é o último administrador. Promova outra pessoa antes.
bad-email-taken = Já existe uma conta com este e-mail.
preferences = Preferências
preferences-about = Valem em todos os seus navegadores.
density = Densidade
density-comfortable = Confortável
density-about-comfortable = Mais espaço entre as linhas
density-compact = Compacta
density-about-compact = Mais chamados na mesma tela
language = Idioma
language-auto = O do navegador
zone = Fuso horário
zone-now = Para você são { $time } agora.
zone-hint = Vale para os horários que você vê e para os dias dos filtros. Vazio: o da central, { $zone }.
zone-browser = Seu navegador está em
zone-take = Usar este fuso
problem-zone = Este fuso horário não existe. Escolha um da lista, como America/Manaus.
keys-on = Atalhos de uma tecla
keys-on-hint = Por exemplo “a” assume o chamado. Desligue se usa voz ou se aperta teclas sem querer. Ctrl+K funciona sempre.
flash-preferences-saved = Preferências salvas
forgot-link = Esqueci minha senha
register-link = Criar conta
conflict-unconfirmed = Confirme o seu e-mail para entrar: o link está na sua caixa de entrada.
confirm-again = Enviar o link de novo
invite = Convidar
letter-changed-email-subject = O e-mail da sua conta foi trocado
letter-changed-email-text = Olá, { $name }. A sua conta passou a ter outro endereço de e-mail. Este endereço não serve mais para entrar.
letter-changed-email-note = Se não foi você quem pediu, avise agora quem administra a central.
letter-changed-password-subject = A sua senha foi trocada
letter-changed-password-text = Olá, { $name }. A senha da sua conta foi trocada e as outras sessões foram encerradas.
letter-changed-password-button = Não fui eu: criar outra senha
letter-changed-password-note = Se foi você, não é preciso fazer nada.
problem-sign-in-again = Para confirmar que é você, saia e entre de novo. Isto vale por 10 minutos.
company-archived = { $name } (arquivada)
role-new = Novo perfil
role-about = Um conjunto de permissões com nome próprio. Quem o recebe continua sendo técnico ou supervisor; muda só o que pode fazer.
role-base = Parte de
role-base-stays = Não muda depois que o perfil existe.
role-permissions = Permissões
permissions = Permissões
role-permissions-hint = Só aparecem as que técnicos ou supervisores têm. O que é só de administradores, como cadastrar usuários, ninguém recebe por um perfil.
role-always = Sempre. O quanto se vê é dito pelos limites de cada pessoa.
role-active-hint = Um perfil arquivado não pode ser dado a ninguém.
problem-role-in-use = { $limit ->
    [one] Uma pessoa tem este perfil. Dê outro a ela antes.
   *[other] { $limit } pessoas têm este perfil. Dê outro a elas antes.
 }
problem-too-many-roles = Já há perfis demais. Altere um dos que existem.
user-limits = Limites
user-limits-none = Atende todas as filas e empresas.
user-limits-queues = { $count ->
    [one] 1 fila
   *[other] { $count } filas
 }
user-limits-companies = { $count ->
    [one] 1 empresa
   *[other] { $count } empresas
 }
user-limits-change = Alterar limites
conflict-not-limited = Só técnicos e supervisores têm limites. Solicitantes veem os próprios chamados; administradores, tudo.
refused-limits = O seu acesso é limitado a algumas filas ou empresas. Peça a um administrador.
confirm-first = Criou a conta há pouco? Confirme antes o seu e-mail: o link está na sua caixa de entrada.
user-limited = Com limites
